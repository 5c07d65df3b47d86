package org.understudy.probes.policy;

import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.understudy.probes.dns.RecordLookup;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;

/**
 * The block lists that all domains share: one question at a time, and none asked again before an hour is over, however many
 * domains have the same backup. Thread-safe.
 */
public final class BlockLists {
    /** Lists change slowly, and those who ask too much are refused. */
    private static final Duration KEPT = Duration.ofHours(1);
    /** Who could not answer may be able to soon. */
    private static final Duration TROUBLE_KEPT = Duration.ofMinutes(5);

    private final List<BlockList> lists;
    private final Clock clock;
    private final ReentrantLock turn = new ReentrantLock(true);
    /** Guarded by the turn. */
    private final Map<String, Known> known = new HashMap<>();

    public BlockLists(List<DomainName> zones, Clock clock) {
        this.lists = zones.stream().map(BlockList::new).toList();
        this.clock = clock;
    }

    private record Known(BlockList.Answer answer, Instant until) {}

    /**
     * What each list says of an address, by its zone.
     *
     * @param lookup gives up at the deadline
     * @param deadline until which is waited for the questions of others
     */
    Map<DomainName, BlockList.Answer> ask(RecordLookup lookup, InetAddress address, Deadline deadline) {
        Map<DomainName, BlockList.Answer> answers = new LinkedHashMap<>();
        for (BlockList list : lists) {
            answers.put(list.zone(), inTurn(list, deadline, () -> ask(lookup, list, address)));
        }
        return answers;
    }

    private BlockList.Answer inTurn(BlockList list, Deadline deadline, Supplier<BlockList.Answer> asking) {
        boolean mine;
        try {
            mine = turn.tryLock(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            mine = false;
        }
        if (!mine) {
            return BlockList.Answer.unusable(
                    "other questions to block lists, " + list.zone() + " among them, were under way all the time");
        }
        try {
            return asking.get();
        } finally {
            turn.unlock();
        }
    }

    /** Caller has the turn. */
    private BlockList.Answer ask(RecordLookup lookup, BlockList list, InetAddress address) {
        BlockList.Answer sound = kept(list.zone() + " itself", () -> {
            String trouble = list.trouble(lookup);
            return trouble.isEmpty() ? new BlockList.Answer(false, "", "") : BlockList.Answer.unusable(trouble);
        });
        return sound.trouble().isEmpty() ? kept(list.question(address).text(), () -> list.ask(lookup, address)) : sound;
    }

    private BlockList.Answer kept(String question, Supplier<BlockList.Answer> asking) {
        Instant now = clock.instant();
        known.values().removeIf(k -> k.until().isBefore(now));
        Known before = known.get(question);
        if (before != null) {
            return before.answer();
        }
        BlockList.Answer answer = asking.get();
        known.put(question, new Known(answer, now.plus(answer.trouble().isEmpty() ? KEPT : TROUBLE_KEPT)));
        return answer;
    }
}
