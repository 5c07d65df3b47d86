package org.understudy.agent.cli;

import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.understudy.agent.queue.DomainOrder;

/** {@code understudy spool freeze|thaw|reroute}: has the running agent hold, let go or redirect the mail of a domain. */
final class DomainTask implements SpoolTask {
    private final Action action;

    DomainTask(Action action) {
        this.action = action;
    }

    /** What can be ordered for a domain or a lane. */
    enum Action {
        FREEZE("Holds all mail for a domain, for planned maintenance; it is accepted as ever, and nothing is tried"),
        THAW("Ends the freeze of a domain, or of the lane to a next hop (as host:port) that refused mail"),
        REROUTE("Hands the mail of a domain to another next hop, what is queued as well as what comes");

        private final String description;

        Action(String description) {
            this.description = description;
        }
    }

    @Override
    public String name() {
        return action.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String description() {
        return action.description;
    }

    @Override
    public String list() {
        return "done";
    }

    @Override
    public void configure(Subparser parser) {
        boolean lanes = action == Action.THAW;
        parser.addArgument("subject")
                .metavar(lanes ? "DOMAIN|NEXTHOP" : "DOMAIN")
                .help(lanes ? "a domain that the spool relays, or a next hop as host:port" : "a domain that it relays");
        if (action == Action.REROUTE) {
            parser.addArgument("--to")
                    .metavar("HOST[:PORT]")
                    .help("the other next hop; without it, back to the configured one");
            parser.addArgument("--tls").metavar("POLICY").help("as in the configuration");
        }
        parser.addArgument("--reason").metavar("TEXT").help("why; stands in the audit log");
        AgentClient.configure(parser);
    }

    @Override
    public int run(Namespace arguments, SpoolPlace place, CommandOutput output) throws IOException {
        String subject = arguments.getString("subject");
        DomainOrder order = new DomainOrder(
                name(),
                Optional.ofNullable(arguments.<String>get("to")),
                arguments.<String>get("tls"),
                Actor.name(),
                arguments.getString("reason"));
        boolean lane = action == Action.THAW && subject.contains(":");
        String path = "/api/v1/spool/" + (lane ? "lanes/" : "domains/") + subject + "/orders";
        AgentClient.of(place, output.mapper()).post(path, order);
        output.entry(name() + " " + subject + ": done", subject);
        output.end("", order);
        return 0;
    }
}
