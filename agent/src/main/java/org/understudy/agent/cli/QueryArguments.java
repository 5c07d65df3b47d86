package org.understudy.agent.cli;

import java.util.Optional;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.understudy.agent.queue.QueueQuery;

/** The options that say which recipients are meant, alike for all commands. Stateless. */
final class QueryArguments {

    private QueryArguments() {}

    static void add(Subparser parser) {
        parser.addArgument("--domain").metavar("D").help("recipients in this domain");
        parser.addArgument("--state")
                .metavar("S")
                .help("recipients in these states, separated by commas: " + QueueQuery.namesOfStates());
        parser.addArgument("--sender").metavar("A").help("an address, @domain, or <>");
        parser.addArgument("--recipient").metavar("A").help("an address or @domain");
        parser.addArgument("--older-than").metavar("AGE").help("messages that came so long ago, as 90m, 4h, 2d");
        parser.addArgument("--reply").metavar("TEXT").help("a part of the last reply");
    }

    static QueueQuery read(Namespace arguments) {
        return new QueueQuery(
                text(arguments, "domain"),
                text(arguments, "state"),
                text(arguments, "sender"),
                text(arguments, "recipient"),
                text(arguments, "older_than"),
                text(arguments, "reply"));
    }

    private static Optional<String> text(Namespace arguments, String name) {
        return Optional.ofNullable(arguments.getString(name));
    }
}
