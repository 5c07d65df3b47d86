package org.understudy.probes.policy;

import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.understudy.probes.dns.RecordLookup;
import org.understudy.smtp.DomainName;

/**
 * The block lists that all domains share: one question at a time, and none asked again before an hour is over, however many
 * domains have the same backup. Thread-safe.
 */
public final class BlockLists {
    /** Lists change slowly, and those who ask too much are refused. */
    private static final Duration KEPT = Duration.ofHours(1);

    private final List<BlockList> lists;
    private final Clock clock;
    private final Map<String, Known> known = new HashMap<>();

    public BlockLists(List<DomainName> zones, Clock clock) {
        this.lists = zones.stream().map(BlockList::new).toList();
        this.clock = clock;
    }

    private record Known(BlockList.Answer answer, Instant since) {}

    /** What each list says of an address, by its zone. */
    Map<DomainName, BlockList.Answer> ask(RecordLookup lookup, InetAddress address) {
        Map<DomainName, BlockList.Answer> answers = new LinkedHashMap<>();
        for (BlockList list : lists) {
            answers.put(list.zone(), ask(lookup, list, address));
        }
        return answers;
    }

    private synchronized BlockList.Answer ask(RecordLookup lookup, BlockList list, InetAddress address) {
        BlockList.Answer sound = kept(list.zone() + " itself", () -> {
            String trouble = list.trouble(lookup);
            return trouble.isEmpty() ? new BlockList.Answer(false, "", "") : BlockList.Answer.unusable(trouble);
        });
        return sound.trouble().isEmpty() ? kept(list.question(address).text(), () -> list.ask(lookup, address)) : sound;
    }

    private BlockList.Answer kept(String question, Supplier<BlockList.Answer> asking) {
        Instant now = clock.instant();
        known.values().removeIf(k -> k.since().plus(KEPT).isBefore(now));
        Known before = known.get(question);
        if (before != null) {
            return before.answer();
        }
        BlockList.Answer answer = asking.get();
        known.put(question, new Known(answer, now));
        return answer;
    }
}
