package org.understudy.agent.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import net.sourceforge.argparse4j.inf.Namespace;
import org.understudy.smtp.DomainName;
import org.understudy.spool.QueueId;
import org.understudy.spool.SpoolReader;
import org.understudy.spool.UnitState;

/**
 * Which messages are asked for, and where they are to go.
 *
 * @param ids the messages; empty if they are asked for by other means
 * @param domain of a recipient; empty for any
 * @param states of such a recipient
 * @param output directory, or {@code -} for standard output
 */
record Selection(List<QueueId> ids, Optional<DomainName> domain, List<UnitState> states, String output) {
    static final String STANDARD_OUTPUT = "-";
    private static final int PAGE = 500;
    private static final int USAGE = 2;

    /** @throws CommandEnded if the arguments make no sense together */
    static Selection of(Namespace arguments) {
        List<String> names = new ArrayList<>(arguments.<String>getList("id"));
        Optional<String> output = Optional.ofNullable(arguments.getString("output"));
        if (!names.isEmpty() && names.get(names.size() - 1).equals(STANDARD_OUTPUT)) {
            if (output.isPresent()) {
                throw usage("Both - and --output say where to: name one of them.");
            }
            names.remove(names.size() - 1);
            output = Optional.of(STANDARD_OUTPUT);
        }
        Optional<String> domain = Optional.ofNullable(arguments.getString("domain"));
        int ways = (names.isEmpty() ? 0 : 1) + (domain.isPresent() ? 1 : 0) + (arguments.getBoolean("all") ? 1 : 0);
        if (ways != 1) {
            throw usage("Say which messages: queue ids, or --domain D, or --all, and only one of these.");
        }
        Optional<String> state = Optional.ofNullable(arguments.getString("state"));
        if (state.isPresent() && !names.isEmpty()) {
            throw usage("--state goes with --domain or --all, not with queue ids.");
        }
        return new Selection(
                names.stream().map(Selection::id).toList(),
                domain.map(Selection::domain),
                state.map(s -> List.of(UnitState.valueOf(s.toUpperCase(Locale.ROOT))))
                        .orElse(List.of(UnitState.QUEUED, UnitState.QUARANTINED)),
                output.orElseThrow(() -> usage("Say where to: --output DIR, or - for standard output.")));
    }

    private static QueueId id(String text) {
        if (!QueueId.isValid(text)) {
            throw usage("\"" + text + "\" is not a queue id: take one from the log, the reply to a sender, or --all.");
        }
        return new QueueId(text);
    }

    private static DomainName domain(String text) {
        try {
            return DomainName.parse(text);
        } catch (IllegalArgumentException e) {
            throw usage("--domain: " + e.getMessage() + ".");
        }
    }

    private static CommandEnded usage(String sentence) {
        return new CommandEnded(USAGE, sentence);
    }

    /** The next messages behind one, in order; empty at the end. */
    List<QueueId> page(SpoolReader reader, Optional<QueueId> after) {
        if (ids.isEmpty()) {
            return reader.ids(domain, states, after, PAGE);
        }
        return after.isEmpty() ? ids : List.of();
    }
}
