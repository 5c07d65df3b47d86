package org.understudy.probes.dns;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.understudy.probes.DnsSettings;
import org.understudy.smtp.DomainName;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.dnssec.ValidatingResolver;

/**
 * Validates answers from our own trust anchors; what a resolver says of its validation counts for nothing. Keys are kept for
 * as long as the validator lives. Confined to one thread.
 */
final class Validator {
    private static final int TRIES = 3;
    private static final int UDP_PAYLOAD = 1232;

    private final SimpleResolver head;
    private final ValidatingResolver validating;
    private final List<Name> anchors;

    /**
     * @throws IllegalArgumentException if the trust anchors cannot be read
     */
    Validator(InetSocketAddress resolver, DnsSettings settings, Clock clock) {
        head = new SimpleResolver(resolver);
        head.setTimeout(settings.tryTimeout());
        head.setEDNS(0, UDP_PAYLOAD, ExtendedFlags.DO, List.of());
        validating = new ValidatingResolver(head, clock);
        anchors = TrustAnchors.owners(settings.trustAnchors());
        try {
            validating.loadTrustAnchors(
                    new ByteArrayInputStream(settings.trustAnchors().getBytes(StandardCharsets.US_ASCII)));
        } catch (IOException e) {
            throw new IllegalArgumentException("the trust anchors cannot be read: " + e.getMessage(), e);
        }
    }

    /** How far an answer is proved. */
    enum Proof {
        SECURE,
        /** Nothing says that it should be signed. */
        INSECURE,
        /** It should be signed, and the proof fails: validating senders get SERVFAIL. */
        BOGUS,
        /** The resolver did not answer. */
        UNKNOWN
    }

    /**
     * One validated answer.
     *
     * @param reason why it is bogus or unknown; empty otherwise
     * @param records of the answer, aliases that led there among them; none that are bogus
     * @param signatures on the records of the answer
     */
    record Validated(Proof proof, String reason, List<Record> records, List<RRSIGRecord> signatures) {
        static Validated without(Proof proof, String reason) {
            return new Validated(proof, reason, List.of(), List.of());
        }
    }

    Validated validate(DomainName name, int type) {
        Optional<Message> response = send(name, type, true);
        if (response.isEmpty()) {
            return Validated.without(Proof.UNKNOWN, "the resolver does not answer");
        }
        Message message = response.get();
        if (message.getRcode() == Rcode.SERVFAIL) {
            Optional<String> reason = reason(message);
            return reason.isPresent() && isAnswered(name, type)
                    ? Validated.without(Proof.BOGUS, reason.get())
                    : Validated.without(Proof.UNKNOWN, "the resolver answers SERVFAIL");
        }
        if (message.getRcode() != Rcode.NOERROR && message.getRcode() != Rcode.NXDOMAIN) {
            return Validated.without(Proof.UNKNOWN, "the resolver answers " + Rcode.string(message.getRcode()));
        }
        return new Validated(
                message.getHeader().getFlag(Flags.AD) ? Proof.SECURE : Proof.INSECURE,
                "",
                message.getSection(Section.ANSWER),
                send(name, type, false).map(Validator::signatures).orElse(List.of()));
    }

    /** What the resolver itself cannot answer is not bogus for that. */
    private boolean isAnswered(DomainName name, int type) {
        return send(name, type, false)
                .filter(m -> m.getRcode() == Rcode.NOERROR || m.getRcode() == Rcode.NXDOMAIN)
                .isPresent();
    }

    /** Why nothing can be validated; empty if it can: the resolver must hand on the signatures of a trust anchor. */
    Optional<String> objection() {
        for (Name anchor : anchors) {
            Optional<Message> keys = send(anchor, Type.DNSKEY, false);
            if (keys.isEmpty()) {
                return Optional.of("the resolver does not answer for the keys of " + anchor);
            }
            if (signatures(keys.get()).isEmpty()) {
                return Optional.of("the resolver gives no signatures for the keys of " + anchor + " ("
                        + Rcode.string(keys.get().getRcode()) + ")");
            }
        }
        return Optional.empty();
    }

    /** Of the keys of a zone, which expire as those of the records do. */
    List<RRSIGRecord> keySignatures(DomainName zone) {
        return send(zone, Type.DNSKEY, false).map(Validator::signatures).orElse(List.of());
    }

    private static List<RRSIGRecord> signatures(Message message) {
        return message.getSection(Section.ANSWER).stream()
                .filter(RRSIGRecord.class::isInstance)
                .map(RRSIGRecord.class::cast)
                .toList();
    }

    /** The validator puts its reason into a TXT record of a class of its own; a resolver's SERVFAIL has none. */
    private static Optional<String> reason(Message message) {
        return message.getSection(Section.ADDITIONAL).stream()
                .filter(r -> r.getDClass() == ValidatingResolver.VALIDATION_REASON_QCLASS)
                .filter(TXTRecord.class::isInstance)
                .map(r -> String.join("", ((TXTRecord) r).getStrings()))
                .findFirst();
    }

    private Optional<Message> send(DomainName name, int type, boolean validate) {
        try {
            return send(Name.fromString(name.text() + "."), type, validate);
        } catch (TextParseException e) {
            return Optional.empty();
        }
    }

    private Optional<Message> send(Name name, int type, boolean validate) {
        for (int i = 0; i < TRIES; i++) {
            try {
                Message query = Message.newQuery(Record.newRecord(name, type, DClass.IN));
                if (validate) {
                    return Optional.of(validating.send(query));
                }
                // Whatever a validating resolver thinks of it, we want to see it.
                query.getHeader().setFlag(Flags.CD);
                return Optional.of(head.send(query));
            } catch (IOException e) {
                if (Thread.currentThread().isInterrupted()) {
                    return Optional.empty();
                }
            }
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return anchors.stream().map(Name::toString).collect(Collectors.joining(", "));
    }
}
