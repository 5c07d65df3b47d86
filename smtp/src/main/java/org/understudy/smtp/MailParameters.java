package org.understudy.smtp;

import java.util.Map;
import java.util.Set;

/** Which parameters of an envelope go to a server that offers these capabilities. Immutable. */
final class MailParameters {

    private static final String SMTPUTF8 = "SMTPUTF8";

    /** Keyword to the extension that defines it, where the two differ; all others are named alike. */
    private static final Map<String, String> EXTENSION_OF = Map.of(
            "BODY", "8BITMIME", // RFC 6152 section 2
            "RET", "DSN", // RFC 3461 section 4
            "ENVID", "DSN",
            "NOTIFY", "DSN",
            "ORCPT", "DSN",
            "BY", "DELIVERBY", // RFC 2852 section 4
            "HOLDFOR", "FUTURERELEASE", // RFC 4865 section 4
            "HOLDUNTIL", "FUTURERELEASE");

    // BINARYMIME needs BDAT (RFC 3030 section 3), which is not spoken here.
    private static final Set<String> BODIES = Set.of("7BIT", "8BITMIME");

    private final Capabilities capabilities;

    MailParameters(Capabilities capabilities) {
        this.capabilities = capabilities;
    }

    /** True if the message cannot go to this server: RFC 6531 section 3.2. */
    boolean lacksSmtpUtf8(Envelope envelope) {
        return needsSmtpUtf8(envelope) && !capabilities.offers(SMTPUTF8);
    }

    String mailCommand(Envelope envelope, long size) {
        EsmtpParameters parameters = offered(envelope.parameters()).without("SIZE");
        if (capabilities.offers("SIZE")) {
            parameters = parameters.with("SIZE", Long.toString(size));
        }
        if (needsSmtpUtf8(envelope)) {
            parameters = parameters.with(SMTPUTF8, "");
        }
        return "MAIL FROM:" + envelope.reversePath() + parameters;
    }

    String rcptCommand(Recipient recipient) {
        return "RCPT TO:" + recipient.path() + offered(recipient.parameters());
    }

    private EsmtpParameters offered(EsmtpParameters parameters) {
        EsmtpParameters kept = parameters;
        for (Map.Entry<String, String> parameter : parameters.values().entrySet()) {
            String keyword = parameter.getKey();
            boolean possible = !keyword.equals("BODY") || BODIES.contains(parameter.getValue());
            if (!possible || !capabilities.offers(EXTENSION_OF.getOrDefault(keyword, keyword))) {
                kept = kept.without(keyword);
            }
        }
        return kept;
    }

    private static boolean needsSmtpUtf8(Envelope envelope) {
        return envelope.parameters().has(SMTPUTF8)
                || envelope.reversePath()
                        .mailbox()
                        .filter(Mailbox::isInternationalized)
                        .isPresent()
                || envelope.recipients().stream()
                        .anyMatch(r -> r.path().address().chars().anyMatch(c -> c >= 0x80));
    }
}
