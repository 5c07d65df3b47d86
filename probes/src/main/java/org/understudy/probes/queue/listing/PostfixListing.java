package org.understudy.probes.queue.listing;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.understudy.probes.queue.Words;

/**
 * What {@code postqueue -j} prints: one JSON object for each file of the queues active, incoming, deferred, hold and maildrop; never
 * of corrupt. It does not say when mail is to be tried next. Immutable.
 *
 * @see <a href="https://www.postfix.org/postqueue.1.html">postqueue(1), JSON OBJECT FORMAT</a>
 */
final class PostfixListing implements Listing {
    private static final String WHAT = "listing of postqueue -j";
    private static final String HOLD = "hold";
    /** What it prints for the null reverse-path, unless its {@code empty_address_recipient} is set otherwise. */
    private static final String NOBODY = "MAILER-DAEMON";

    private static final int DEEPEST = 20;
    /** The last second of the year 9999. */
    private static final long LATEST = 253_402_300_799L;

    /** Names of members are not remembered: whoever makes them up could fill the memory. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(LONGEST)
                    .maxNameLength(LONGEST)
                    .maxNestingDepth(DEEPEST)
                    .build())
            .build();

    @Override
    public void read(InputStream in, Tally tally) throws IOException {
        // Through a reader, because old versions print octets that are no UTF-8.
        try (JsonParser json = FACTORY.createParser(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token != JsonToken.START_OBJECT) {
                    throw Listing.unlike(WHAT, json.getText());
                }
                message(json, tally);
            }
        } catch (JsonProcessingException e) {
            throw Listing.unlike(WHAT, e.getOriginalMessage());
        }
    }

    private static void message(JsonParser json, Tally tally) throws IOException {
        boolean queued = false;
        boolean dated = false;
        boolean addressed = false;
        boolean expiring = false;
        tally.begin();
        for (JsonToken name = json.nextToken(); name == JsonToken.FIELD_NAME; name = json.nextToken()) {
            String member = json.currentName();
            json.nextToken();
            switch (member) {
                case "queue_name" -> queued = queue(json.getText(), tally);
                case "arrival_time" -> dated = arrival(json, tally);
                case "message_size" -> tally.size(number(json));
                case "forced_expire" -> expiring = json.currentToken() == JsonToken.VALUE_TRUE;
                case "sender" -> tally.sender(sender(json.getText()));
                case "recipients" -> addressed = recipients(json, tally);
                default -> json.skipChildren();
            }
        }
        if (!(queued && dated && addressed)) {
            throw Listing.unlike(WHAT, "an object without queue_name, arrival_time or recipients");
        }
        if (expiring) {
            tally.expiring();
        }
        tally.end();
    }

    private static String sender(String address) {
        return address.equals(NOBODY) ? "" : address;
    }

    private static boolean queue(String name, Tally tally) {
        tally.state(Words.brief(name));
        if (name.equals(HOLD)) {
            tally.hold();
        }
        return true;
    }

    private static boolean arrival(JsonParser json, Tally tally) throws IOException {
        long seconds = number(json);
        if (seconds < 0 || seconds > LATEST) {
            throw Listing.unlike(WHAT, "arrival_time " + seconds);
        }
        tally.arrival(Instant.ofEpochSecond(seconds));
        return true;
    }

    private static long number(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.VALUE_NUMBER_INT) {
            throw Listing.unlike(WHAT, json.currentName() + " " + json.getText());
        }
        return json.getLongValue();
    }

    private static boolean recipients(JsonParser json, Tally tally) throws IOException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            throw Listing.unlike(WHAT, "recipients " + json.getText());
        }
        for (JsonToken token = json.nextToken(); token == JsonToken.START_OBJECT; token = json.nextToken()) {
            recipient(json, tally);
        }
        if (json.currentToken() != JsonToken.END_ARRAY) {
            throw Listing.unlike(WHAT, "recipients " + json.getText());
        }
        return true;
    }

    private static void recipient(JsonParser json, Tally tally) throws IOException {
        String address = "";
        String reason = "";
        boolean bounced = false;
        for (JsonToken name = json.nextToken(); name == JsonToken.FIELD_NAME; name = json.nextToken()) {
            String member = json.currentName();
            json.nextToken();
            switch (member) {
                case "address" -> address = json.getText();
                case "delay_reason" -> reason = json.getText();
                // It waits for nothing but the notice to its sender.
                case "bounce_reason" -> bounced = true;
                default -> json.skipChildren();
            }
        }
        if (!bounced) {
            tally.recipient(address, reason);
        }
    }
}
