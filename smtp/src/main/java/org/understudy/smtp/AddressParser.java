package org.understudy.smtp;

import java.util.Optional;

/** Reader of paths and their parameters. Stateless. */
final class AddressParser {

    private AddressParser() {}

    static Mailbox mailbox(String text) throws SmtpSyntaxException {
        int at = text.lastIndexOf('@');
        if (at < 1) {
            throw new SmtpSyntaxException("no @");
        }
        return new Mailbox(text.substring(0, at), text.substring(at + 1));
    }

    static PathCommand.Mail mail(String argument) throws SmtpSyntaxException {
        return new PathCommand.Mail(ReversePath.of(mailbox(argument)), EsmtpParameters.NONE);
    }

    static Recipient rcpt(String argument) throws SmtpSyntaxException {
        return Recipient.of(new ForwardPath(mailbox(argument).localPart(), Optional.empty()));
    }
}
