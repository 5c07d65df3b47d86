package org.understudy.agent.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import net.sourceforge.argparse4j.impl.Arguments;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.understudy.agent.queue.QueueOrder;
import org.understudy.agent.queue.QueueQuery;
import org.understudy.spool.QueueAction;

/** {@code understudy spool retry|hold|release|discard|return}: has the running agent do something to messages. */
final class OrderTask implements SpoolTask {
    private static final int INCOMPLETE = 1;

    private final QueueAction action;

    OrderTask(QueueAction action) {
        this.action = action;
    }

    @Override
    public String name() {
        return action.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String description() {
        return switch (action) {
            case RETRY -> "Makes queued recipients due at once";
            case HOLD -> "Keeps recipients back until they are released";
            case RELEASE -> "Queues recipients again that are held, quarantined or expired";
            case DISCARD -> "Throws recipients away; nobody is told";
            case RETURN -> "Gives recipients back to the sender, who gets a notice of failure";
        };
    }

    @Override
    public String list() {
        return "busy";
    }

    @Override
    public void configure(Subparser parser) {
        parser.addArgument("id").nargs("*").metavar("ID").help("queue ids");
        QueryArguments.add(parser);
        parser.addArgument("--all").action(Arguments.storeTrue()).help("everything that is not settled");
        parser.addArgument("--reason").metavar("TEXT").help("why; stands in the audit log");
        AgentClient.configure(parser);
    }

    @Override
    public int run(Namespace arguments, SpoolPlace place, CommandOutput output) throws IOException {
        QueueQuery query = QueryArguments.read(arguments);
        QueueOrder order = new QueueOrder(
                name(),
                arguments.getList("id"),
                query.isEmpty() ? Optional.empty() : Optional.of(query),
                arguments.getBoolean("all"),
                Actor.name(),
                arguments.getString("reason"));
        JsonNode answer = AgentClient.of(place, output.mapper()).post("/api/v1/spool/orders", order);
        answer.path("busy")
                .forEach(id -> output.entry(id.asText() + ": is being handed on now; order it again", id.asText()));
        StringBuilder refused = new StringBuilder();
        answer.path("refused")
                .forEach(one -> refused.append(one.path("id").asText())
                        .append(": refused: ")
                        .append(one.path("why").asText())
                        .append('\n'));
        long missing = answer.path("missing").size();
        output.end(
                refused + name() + ": messages " + answer.path("messages").asLong() + ", recipients "
                        + answer.path("units").asLong()
                        + (missing == 0 ? "" : ", not in the spool or settled by now: " + missing),
                answer);
        boolean complete =
                answer.path("busy").isEmpty() && answer.path("refused").isEmpty() && missing == 0;
        return complete ? 0 : INCOMPLETE;
    }
}
