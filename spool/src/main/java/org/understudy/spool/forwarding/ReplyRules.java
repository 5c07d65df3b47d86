package org.understudy.spool.forwarding;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.understudy.smtp.EnhancedStatusCode;
import org.understudy.smtp.Reply;
import org.understudy.smtp.SmtpStage;

/**
 * What a negative reply says, by its stage and code. An unknown code counts by its first digit (RFC 5321 section 4.3.2); an
 * enhanced code counts only if its class is that of the reply. Text counts in one case alone: a refusal on grounds of policy is
 * about the path if it speaks of this host or of what only hosts have. Immutable.
 *
 * @param ourselves find name and address of this host in a text
 * @param forClient true if the next hop takes us for the client that brought the message: what only hosts have is the client's
 * @param recovering true soon after an outage
 */
record ReplyRules(List<Pattern> ourselves, boolean forClient, boolean recovering) {
    private static final int SERVICE_CLOSING = 421;
    private static final int STORAGE_SHORT = 452;
    private static final int OUT_OF_SEQUENCE = 503;
    private static final int STORAGE_EXCEEDED = 552;
    /** Not known, not here (RFC 7504), or only after TLS or a login (RFC 3207, RFC 4954). */
    private static final Set<Integer> OF_THE_HOST = Set.of(500, 502, 521, 530, 534, 535, 538);
    /** SPF, reverse DNS and lack of both (RFC 7372). */
    private static final Set<Integer> SENDING_HOST_FAULTS = Set.of(23, 25, 26);

    private static final Pattern RELAYING = Pattern.compile("\\b(relay|relaying)\\b");
    private static final Pattern HOST_POLICY =
            Pattern.compile("\\b(spf|rdns|reverse dns|ptr|dnsbl|rbl|spamhaus|block ?list(ed)?|black ?list(ed)?"
                    + "|gr[ea]y-?list(ed|ing)?|client host)\\b");

    ReplyRules {
        ourselves = List.copyOf(ourselves);
    }

    /** Finds a name or an address of a host in a text, in lower case, and no longer one that contains it. */
    static Pattern quoted(String name) {
        return Pattern.compile("(?<![\\w.:-])" + Pattern.quote(name.toLowerCase(Locale.ROOT)) + "(?![\\w:-]|\\.\\w)");
    }

    /** Of a negative reply to RCPT. */
    ReplyClass atRcpt(Reply reply, boolean acceptedBefore) {
        boolean tooMany = reply.code() == STORAGE_SHORT || reply.code() == STORAGE_EXCEEDED || is(reply, 5, 3);
        if (is(reply, 2, 2) && reply.isPermanent()) {
            return ReplyClass.MAILBOX_FULL;
        } else if (is(reply, 3, 4) && reply.isPermanent()) {
            return ReplyClass.CONTENT;
        } else if (tooMany && acceptedBefore) {
            return ReplyClass.TOO_MANY_RECIPIENTS;
        } else if (reply.code() == STORAGE_EXCEEDED) {
            return ReplyClass.MAILBOX_FULL;
        } else if (reply.isTransient()) {
            return reply.code() == SERVICE_CLOSING ? ReplyClass.BUSY : ReplyClass.DEFERRED;
        }
        return common(reply).or(() -> ofHost(reply)).orElse(ReplyClass.RECIPIENT);
    }

    /** Of the reply that ended a transaction at any other stage. */
    ReplyClass at(SmtpStage stage, Reply reply) {
        if (reply.isTransient()) {
            boolean storage = reply.code() == STORAGE_SHORT && subject(reply) == 3;
            return reply.code() == SERVICE_CLOSING || storage ? ReplyClass.BUSY : ReplyClass.DEFERRED;
        } else if (reply.code() == STORAGE_EXCEEDED || is(reply, 3, 4)) {
            return ReplyClass.CONTENT;
        }
        return common(reply).orElseGet(() -> switch (stage) {
            case MAIL -> ofHost(reply).orElse(ReplyClass.SENDER);
            case DATA -> subject(reply) == 6 ? ReplyClass.CONTENT : ReplyClass.PATH;
            default -> afterContent(reply);
        });
    }

    private ReplyClass afterContent(Reply reply) {
        // What a message contains may be on a block list too: of the text only our own name counts here.
        if (namesUs(reply)) {
            return ReplyClass.PATH;
        } else if (blamesSendingHost(reply)) {
            return sendingHost();
        }
        boolean says = subject(reply) == 6 || subject(reply) == 7;
        return recovering && !says ? ReplyClass.PATH : ReplyClass.CONTENT;
    }

    /** What means the same at every stage. */
    private static Optional<ReplyClass> common(Reply reply) {
        if (reply.code() == OUT_OF_SEQUENCE) {
            return Optional.of(ReplyClass.OUT_OF_STEP);
        }
        // 5.4.6: a loop (RFC 3463 section 3.5).
        return OF_THE_HOST.contains(reply.code()) || is(reply, 4, 6) ? Optional.of(ReplyClass.PATH) : Optional.empty();
    }

    /** Of a refusal that speaks of a host. Whether the next hop relays is a matter between it and us, whoever it takes us for. */
    private Optional<ReplyClass> ofHost(Reply reply) {
        if (namesUs(reply) || speaksOf(RELAYING, reply)) {
            return Optional.of(ReplyClass.PATH);
        }
        return blamesSendingHost(reply) || speaksOf(HOST_POLICY, reply) ? Optional.of(sendingHost()) : Optional.empty();
    }

    private ReplyClass sendingHost() {
        return forClient ? ReplyClass.CLIENT : ReplyClass.PATH;
    }

    private static boolean speaksOf(Pattern policy, Reply reply) {
        return mayBePolicy(reply) && policy.matcher(lowerCase(reply)).find();
    }

    private boolean namesUs(Reply reply) {
        String text = lowerCase(reply);
        return mayBePolicy(reply)
                && ourselves.stream().anyMatch(name -> name.matcher(text).find());
    }

    /** Many servers give no enhanced codes. */
    private static boolean mayBePolicy(Reply reply) {
        return subject(reply) == 7 || reply.enhancedCode().isEmpty();
    }

    private static String lowerCase(Reply reply) {
        return reply.text().toLowerCase(Locale.ROOT);
    }

    private static boolean blamesSendingHost(Reply reply) {
        return subject(reply) == 7
                && reply.enhancedCode()
                        .filter(c -> SENDING_HOST_FAULTS.contains(c.detail()))
                        .isPresent();
    }

    private static boolean is(Reply reply, int subject, int detail) {
        return subject(reply) == subject
                && reply.enhancedCode().filter(c -> c.detail() == detail).isPresent();
    }

    /** 0, "other or undefined" (RFC 3463 section 3.1), where the server gives none. */
    private static int subject(Reply reply) {
        return reply.enhancedCode().map(EnhancedStatusCode::subject).orElse(0);
    }
}
