package org.understudy.spool.retention;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.spool.MessageStore;
import org.understudy.spool.NoticeSettings;
import org.understudy.spool.QueueId;
import org.understudy.spool.QueuedMessage;
import org.understudy.spool.UnitChange;
import org.understudy.spool.UnitState;
import org.understudy.spool.dsn.Notices;
import org.understudy.spool.forwarding.Forwarder;

/** Drops notices that could not be handed on for too long; nobody is told of that but the log. Thread-safe. */
final class OldNotices {
    private static final Logger LOG = LoggerFactory.getLogger(OldNotices.class);
    private static final int PAGE = 200;
    /** Later than anything is due, so that what was deferred is found as well. */
    private static final Duration EVER = Duration.ofDays(3650);

    private final MessageStore store;
    private final Forwarder forwarder;
    private final Clock clock;

    OldNotices(MessageStore store, Forwarder forwarder, Clock clock) {
        this.store = store;
        this.forwarder = forwarder;
        this.clock = clock;
    }

    void run() {
        Instant now = clock.instant();
        Optional<QueueId> last = Optional.empty();
        List<QueuedMessage> page = List.of();
        do {
            page = store.due(List.of(NoticeSettings.QUEUE), now.plus(EVER), last, PAGE);
            for (QueuedMessage message : page) {
                last = Optional.of(message.id());
                boolean old = message.origin().arrival().plus(Notices.LIFETIME).isBefore(now);
                if (message.origin().isNotice() && old && forwarder.claim(message.id())) {
                    drop(message);
                }
            }
        } while (page.size() == PAGE);
    }

    private void drop(QueuedMessage notice) {
        try {
            notice.units()
                    .forEach(unit -> LOG.warn(
                            "{}: the notice to {} could not be handed on for {} h and is dropped: {}",
                            notice.id(),
                            unit.recipient().path(),
                            Notices.LIFETIME.toHours(),
                            unit.lastReply().orElse("its way out was never open")));
            store.record(
                    notice.id(),
                    notice.units().stream()
                            .map(unit -> UnitChange.withoutAttempt(
                                    unit.number(),
                                    UnitState.DISCARDED,
                                    Instant.EPOCH,
                                    unit.wordsAfter("notice not handed on for a day")))
                            .toList());
        } finally {
            forwarder.giveBack(notice.id());
        }
    }
}
