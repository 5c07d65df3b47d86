package org.understudy.spool.dsn;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.understudy.smtp.Mailbox;
import org.understudy.smtp.Recipient;
import org.understudy.spool.QueuedMessage;

/** Who may be told what became of a message. Stateless. */
final class Eligibility {
    /** RFC 3834 section 2: addresses behind which there is nobody who could be told. */
    private static final Pattern MACHINE = Pattern.compile("mailer-daemon|owner-.*|.*-request|.*-bounces?(?:[+=].*)?");

    private Eligibility() {}

    /** Why nobody may ever be told about it, whoever wants it; empty if somebody may. */
    static Optional<String> refusal(QueuedMessage message, OriginalMessage original) {
        // RFC 5321 sections 4.5.5 and 6.1
        if (message.reversePath().isNull()) {
            return Optional.of("it has no sender who could be told (<>)");
        }
        return original.isReport() ? Optional.of("it is a report of a mail system itself") : Optional.empty();
    }

    /** Why nobody may be told about it unless an operator says so. */
    static Optional<String> refusalUnasked(Mailbox sender, OriginalMessage original) {
        if (!original.isReadable()) {
            return Optional.of("it cannot be read");
        }
        if (original.isAutomatic()) {
            return Optional.of("it was sent by a machine or to a list");
        }
        return MACHINE.matcher(sender.localPart().toLowerCase(Locale.ROOT)).matches()
                ? Optional.of("nobody reads what goes to its sender")
                : Optional.empty();
    }

    /** RFC 3461 section 4.1: without NOTIFY one is told of failures, and may be of delays. */
    static boolean wants(Recipient recipient, String what) {
        return recipient
                .parameters()
                .value("NOTIFY")
                .map(wanted -> Arrays.asList(wanted.toUpperCase(Locale.ROOT).split(",", -1))
                        .contains(what))
                .orElse(true);
    }
}
