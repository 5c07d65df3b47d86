package org.understudy.agent.cli;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.understudy.agent.queue.MessageDocument;
import org.understudy.spool.FoundMessage;
import org.understudy.spool.QueueFilter;
import org.understudy.spool.QueueId;
import org.understudy.spool.QueuedMessage;
import org.understudy.spool.SpoolReader;
import org.understudy.spool.Unit;

/** {@code understudy spool list}: what is in the queue. */
final class ListTask implements SpoolTask {
    private static final int PAGE = 500;
    private static final int DEFAULT_LIMIT = 100;

    private final Clock clock;

    ListTask(Clock clock) {
        this.clock = clock;
    }

    @Override
    public String name() {
        return "list";
    }

    @Override
    public String description() {
        return "Lists messages that are not settled, oldest first, with each recipient that is meant and its last reply";
    }

    @Override
    public String list() {
        return "messages";
    }

    @Override
    public void configure(Subparser parser) {
        QueryArguments.add(parser);
        parser.addArgument("--limit")
                .metavar("N")
                .type(Integer.class)
                .setDefault(DEFAULT_LIMIT)
                .help("at most so many messages");
    }

    private record Result(long messages, boolean more) {}

    @Override
    public int run(Namespace arguments, SpoolPlace place, CommandOutput output) {
        QueueFilter filter = QueryArguments.read(arguments).filter(clock);
        int limit = arguments.getInt("limit");
        int shown = 0;
        boolean more = false;
        try (SpoolReader reader = SpoolReader.open(place.directory())) {
            Optional<QueueId> last = Optional.empty();
            List<QueueId> page = page(reader, filter, last);
            while (!page.isEmpty() && !more) {
                for (QueueId id : page) {
                    Optional<FoundMessage> found = reader.find(id).filter(f -> isMeant(f, filter));
                    more = found.isPresent() && shown == limit;
                    if (more) {
                        break;
                    }
                    if (found.isPresent()) {
                        shown++;
                        output.entry(
                                lines(found.get(), filter),
                                MessageDocument.of(found.get(), found.get().damage()));
                    }
                }
                last = Optional.of(page.get(page.size() - 1));
                page = page(reader, filter, last);
            }
            reader.requireUndisturbed();
        }
        output.end("messages: " + shown + (more ? ", and there are more: see --limit" : ""), new Result(shown, more));
        return 0;
    }

    private static List<QueueId> page(SpoolReader reader, QueueFilter filter, Optional<QueueId> last) {
        return reader.ids(filter.domain(), List.copyOf(filter.states()), last, PAGE);
    }

    private static boolean isMeant(FoundMessage found, QueueFilter filter) {
        return found.message().isEmpty()
                || found.message()
                        .filter(filter::matches)
                        .filter(m -> m.units().stream().anyMatch(filter::matches))
                        .isPresent();
    }

    private String lines(FoundMessage found, QueueFilter filter) {
        if (found.message().isEmpty()) {
            return found.id() + "  unreadable: " + found.damage();
        }
        QueuedMessage message = found.message().get();
        StringBuilder lines = new StringBuilder(String.format(
                Locale.ROOT,
                "%s  %8s  %7s  %s",
                message.id(),
                Ages.text(Duration.between(message.origin().arrival(), clock.instant())),
                Ages.size(message.size()),
                message.reversePath()));
        for (Unit unit : message.units()) {
            if (filter.matches(unit)) {
                lines.append(String.format("%n    %s", line(unit, clock.instant())));
            }
        }
        return lines.toString();
    }

    /** One recipient, for people. */
    static String line(Unit unit, Instant now) {
        Duration untilNext = Duration.between(now, unit.nextAttempt());
        String state = unit.state().name().toLowerCase(Locale.ROOT);
        return unit.recipient().path() + "  " + state
                + (unit.attempts() > 0 ? ", attempts " + unit.attempts() : "")
                + (state.equals("queued") && !untilNext.isNegative() ? ", next in " + Ages.text(untilNext) : "")
                + unit.lastReply().map(reply -> "  (" + reply + ")").orElse("");
    }
}
