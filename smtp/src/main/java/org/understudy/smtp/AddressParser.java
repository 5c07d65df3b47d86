package org.understudy.smtp;

/** Reader of paths and their parameters. Stateless. */
final class AddressParser {

    private AddressParser() {}

    static Mailbox mailbox(String text) throws SmtpSyntaxException {
        if (text.isEmpty()) {
            throw new SmtpSyntaxException("empty");
        }
        throw new UnsupportedOperationException("to be written");
    }

    static PathCommand.Mail mail(String argument) throws SmtpSyntaxException {
        if (argument.isEmpty()) {
            throw new SmtpSyntaxException("empty");
        }
        throw new UnsupportedOperationException("to be written");
    }

    static Recipient rcpt(String argument) throws SmtpSyntaxException {
        if (argument.isEmpty()) {
            throw new SmtpSyntaxException("empty");
        }
        throw new UnsupportedOperationException("to be written");
    }
}
