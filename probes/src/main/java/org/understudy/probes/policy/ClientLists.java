package org.understudy.probes.policy;

import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.understudy.probes.ClientListCheck;
import org.understudy.probes.DnsSettings;
import org.understudy.probes.dns.RecordLookup;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;

/**
 * Block lists that are asked about every client, by many threads at a time. What was said of an address is remembered for some
 * minutes, of so many addresses that memory is bounded. Thread-safe.
 */
public final class ClientLists implements ClientListCheck {
    private static final Duration KEPT = Duration.ofMinutes(10);
    private static final Duration TROUBLE_KEPT = Duration.ofMinutes(1);
    private static final int MOST_KEPT = 20_000;

    private final DnsSettings dns;
    private final List<BlockList> lists;
    private final Clock clock;
    /** By question. Guarded by itself. */
    private final Map<String, Known> known = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
            return size() > MOST_KEPT;
        }
    };

    public ClientLists(DnsSettings dns, List<DomainName> zones, Clock clock) {
        this.dns = dns;
        this.lists = zones.stream().map(BlockList::new).toList();
        this.clock = clock;
    }

    private record Known(BlockList.Answer answer, Instant until) {}

    @Override
    public List<Answer> check(InetAddress client, Duration time) {
        RecordLookup lookup = new RecordLookup(dns, Deadline.after(time));
        List<Answer> answers = new ArrayList<>();
        for (BlockList list : lists) {
            answers.add(answer(list.zone(), ask(lookup, list, client)));
        }
        return answers;
    }

    private BlockList.Answer ask(RecordLookup lookup, BlockList list, InetAddress client) {
        String trouble = kept(list.zone().text(), () -> BlockList.Answer.unusable(list.trouble(lookup)))
                .trouble();
        return trouble.isEmpty()
                ? kept(list.question(client).text(), () -> list.ask(lookup, client))
                : BlockList.Answer.unusable(trouble);
    }

    private static Answer answer(DomainName list, BlockList.Answer said) {
        if (!said.trouble().isEmpty()) {
            return new Answer(list, Result.UNKNOWN, said.trouble());
        }
        return new Answer(list, said.listed() ? Result.LISTED : Result.NOT_LISTED, said.text());
    }

    private BlockList.Answer kept(String question, Supplier<BlockList.Answer> asking) {
        Instant now = clock.instant();
        synchronized (known) {
            Known before = known.get(question);
            if (before != null && now.isBefore(before.until())) {
                return before.answer();
            }
        }
        BlockList.Answer answer = asking.get();
        synchronized (known) {
            // Taken out first, so that what is new comes last.
            known.remove(question);
            known.put(question, new Known(answer, now.plus(answer.trouble().isEmpty() ? KEPT : TROUBLE_KEPT)));
        }
        return answer;
    }
}
