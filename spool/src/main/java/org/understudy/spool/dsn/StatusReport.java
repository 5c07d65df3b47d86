package org.understudy.spool.dsn;

import java.util.List;
import java.util.Locale;
import org.understudy.smtp.Recipient;
import org.understudy.spool.QueuedMessage;

/**
 * The part of a notice for machines (RFC 3464 section 2, RFC 6533 section 4). Immutable.
 *
 * @param internationalized true for the form that may have characters outside US-ASCII
 */
record StatusReport(String hostName, boolean internationalized) {
    private static final String UTF_8 = "utf-8";

    static String type(boolean internationalized) {
        return internationalized ? "message/global-delivery-status" : "message/delivery-status";
    }

    byte[] of(QueuedMessage about, List<RecipientStatus> recipients) {
        Lines lines = new Lines(internationalized);
        about.parameters().value("ENVID").ifPresent(id -> lines.field("Original-Envelope-Id", Xtext.decode(id)));
        lines.field("Reporting-MTA", "dns; " + hostName)
                .field("Received-From-MTA", "dns; " + client(about))
                .field("Arrival-Date", NoticeComposer.date(about.origin().arrival()));
        for (RecipientStatus recipient : recipients) {
            lines.line("");
            write(lines, about, recipient);
        }
        return lines.octets();
    }

    private static String client(QueuedMessage about) {
        String literal = NoticeComposer.literal(about.origin().client());
        String name = about.origin().heloName();
        return name.matches("[A-Za-z0-9._-]+") ? name + " (" + literal + ")" : literal;
    }

    private void write(Lines lines, QueuedMessage about, RecipientStatus status) {
        status.recipient()
                .parameters()
                .value("ORCPT")
                .filter(original -> original.indexOf(';') > 0)
                .ifPresent(original -> lines.field("Original-Recipient", originalRecipient(original)));
        lines.field("Final-Recipient", finalRecipient(status.recipient()))
                .field("Action", status.action())
                .field("Status", status.status());
        status.remote().ifPresent(host -> lines.field("Remote-MTA", "dns; " + host));
        status.diagnostic().ifPresent(reply -> lines.folded("Diagnostic-Code", "smtp; " + reply));
        lines.field("Final-Log-ID", about.id().text());
        status.triedUntil().ifPresent(until -> lines.field("Will-Retry-Until", NoticeComposer.date(until)));
    }

    /** RFC 3461 section 6.3: the address is not xtext any more; RFC 6533 section 4 for those of the type utf-8. */
    private String originalRecipient(String orcpt) {
        int semicolon = orcpt.indexOf(';');
        String type = orcpt.substring(0, semicolon).toLowerCase(Locale.ROOT);
        String address = orcpt.substring(semicolon + 1);
        boolean utf8 = type.equals(UTF_8);
        if (utf8 && !internationalized) {
            // Only in this form it has no characters outside US-ASCII.
            return type + "; " + address;
        }
        return type + "; " + (utf8 ? Xtext.decodeInternationalized(address) : Xtext.decode(address));
    }

    private String finalRecipient(Recipient recipient) {
        return (internationalized ? UTF_8 : "rfc822") + "; " + recipient.path().address();
    }
}
