package org.understudy.agent.bridge;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.probes.HeldHeaders;
import org.understudy.smtp.DomainName;
import org.understudy.spool.QueueFilter;
import org.understudy.spool.QueuedMessage;
import org.understudy.spool.Spool;
import org.understudy.spool.UnitState;

/** The header sections of what the bundled spool holds for one domain. Reads as anybody does who looks into the queue. Thread-safe. */
public final class SpoolHeaders implements HeldHeaders {
    private static final Logger LOG = LoggerFactory.getLogger(SpoolHeaders.class);
    private static final int MOST_OCTETS = 64 * 1024;

    private final Spool spool;
    private final QueueFilter waiting;

    public SpoolHeaders(Spool spool, DomainName domain) {
        this.spool = spool;
        this.waiting = new QueueFilter(
                Optional.of(domain),
                Set.of(UnitState.QUEUED),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    @Override
    public void oldest(int most, Predicate<Held> reader) {
        for (QueuedMessage message :
                spool.operations().list(waiting, Optional.empty(), most).messages()) {
            Optional<Held> held = held(message);
            if (held.isPresent() && !reader.test(held.get())) {
                return;
            }
        }
    }

    private Optional<Held> held(QueuedMessage message) {
        try (InputStream content = spool.operations().content(message.id()).open()) {
            byte[] octets = content.readNBytes(MOST_OCTETS);
            String text = new String(octets, StandardCharsets.ISO_8859_1);
            int end = text.indexOf("\r\n\r\n");
            return Optional.of(
                    new Held(message.id().text(), message.origin().arrival(), end < 0 ? text : text.substring(0, end)));
        } catch (IOException e) {
            // Handed over meanwhile; what is damaged the store probe tells of.
            LOG.debug("the header of {} cannot be read: {}", message.id(), e.getMessage());
            return Optional.empty();
        }
    }
}
