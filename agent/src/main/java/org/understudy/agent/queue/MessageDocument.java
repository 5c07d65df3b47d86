package org.understudy.agent.queue;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.understudy.spool.FoundMessage;
import org.understudy.spool.Origin;
import org.understudy.spool.QueuedMessage;

/**
 * What of a message is not in its content, as the API and exported files have it in JSON.
 *
 * @param size octets of content
 * @param damage what of it could not be read; absent if all could
 */
public record MessageDocument(
        String id,
        long size,
        Optional<String> damage,
        Optional<From> origin,
        Optional<String> reversePath,
        Optional<Map<String, String>> parameters,
        Optional<List<To>> units) {

    /** Who brought it. */
    public record From(String client, String heloName, String protocol, Optional<String> tlsProtocol, Instant arrival) {
        private static From of(Origin origin) {
            return new From(
                    origin.client().getHostAddress(),
                    origin.heloName(),
                    origin.protocol(),
                    origin.tlsProtocol(),
                    origin.arrival());
        }
    }

    /** A recipient, and what became of it so far. */
    public record To(
            String recipient,
            Map<String, String> parameters,
            String state,
            int attempts,
            Optional<Instant> nextAttempt,
            Optional<String> lastReply) {}

    /** What is known of a message whose envelope can be read. */
    public static MessageDocument of(QueuedMessage message) {
        return of(new FoundMessage(message.id(), message.size(), Optional.of(message), ""), "");
    }

    /**
     * What is known of a message.
     *
     * @param damage what of it could not be read, or empty text
     */
    public static MessageDocument of(FoundMessage found, String damage) {
        Optional<QueuedMessage> message = found.message();
        return new MessageDocument(
                found.id().text(),
                found.size(),
                damage.isEmpty() ? Optional.empty() : Optional.of(damage),
                message.map(m -> From.of(m.origin())),
                message.map(m -> m.reversePath().toString()),
                message.map(m -> m.parameters().values()),
                message.map(MessageDocument::units));
    }

    private static List<To> units(QueuedMessage message) {
        return message.units().stream()
                .map(unit -> new To(
                        unit.recipient().path().toString(),
                        unit.recipient().parameters().values(),
                        unit.state().name().toLowerCase(Locale.ROOT),
                        unit.attempts(),
                        Optional.of(unit.nextAttempt()).filter(next -> next.isAfter(Instant.EPOCH)),
                        unit.lastReply()))
                .toList();
    }
}
