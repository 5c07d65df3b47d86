package org.understudy.probes.canary;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.InternetHeaders;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.understudy.probes.canary.storage.Place;

/** A message found in a mailbox, to the octet. Immutable. */
final class ArrivedMessage {
    private final Place place;
    private final Optional<Instant> arrivedAt;
    private final boolean junked;
    private final InternetHeaders headers;
    private final byte[] octets;

    /**
     * @param arrivedAt when the mailbox got it, by the mailbox's clock
     * @param junked true if it lay elsewhere than in the first folder
     * @throws MessagingException if the header section cannot be read
     */
    ArrivedMessage(Place place, Optional<Instant> arrivedAt, boolean junked, byte[] octets) throws MessagingException {
        this.place = place;
        this.arrivedAt = arrivedAt;
        this.junked = junked;
        this.headers = new InternetHeaders(new ByteArrayInputStream(octets));
        this.octets = octets.clone();
    }

    Place place() {
        return place;
    }

    Optional<Instant> arrivedAt() {
        return arrivedAt;
    }

    boolean junked() {
        return junked;
    }

    byte[] octets() {
        return octets.clone();
    }

    List<String> header(String name) {
        String[] values = headers.getHeader(name);
        return values == null ? List.of() : List.of(values);
    }

    /** The first field of this name, unfolded; empty if there is none. */
    String firstHeader(String name) {
        return header(name).stream()
                .findFirst()
                .map(v -> v.replaceAll("\\r?\\n", "").strip())
                .orElse("");
    }

    TraceFields trace() {
        return new TraceFields(header("Received"));
    }

    /** Digest of the decoded body; empty if it cannot be decoded. */
    String bodyDigest() {
        String encoding = firstHeader("Content-Transfer-Encoding");
        try {
            return BodyDigest.of(body(), encoding.isEmpty() ? "7bit" : encoding);
        } catch (IOException e) {
            return "";
        }
    }

    private byte[] body() {
        for (int i = 0; i + 1 < octets.length; i++) {
            int next = octets[i + 1] == '\r' ? i + 2 : i + 1;
            if (octets[i] == '\n' && next < octets.length && octets[next] == '\n') {
                return Arrays.copyOfRange(octets, next + 1, octets.length);
            }
        }
        return new byte[0];
    }
}
