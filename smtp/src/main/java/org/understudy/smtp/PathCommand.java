package org.understudy.smtp;

/**
 * The parsed argument of a MAIL or RCPT command. Thread-safe, stateless.
 *
 * <p>RFC 5321 sections 4.1.1.2, 4.1.1.3 and 4.1.2. Source routes are accepted and dropped; one space after the colon is
 * tolerated, because several senders write it.
 */
public final class PathCommand {

    /** MAIL: reverse-path and parameters. */
    public record Mail(ReversePath reversePath, EsmtpParameters parameters) {}

    private PathCommand() {}

    /**
     * Reads what follows the verb MAIL, for example {@code FROM:<jo@example.org> SIZE=4096}.
     *
     * @throws SmtpSyntaxException if it does not follow the grammar
     */
    public static Mail parseMail(String argument) throws SmtpSyntaxException {
        return AddressParser.mail(argument);
    }

    /**
     * Reads what follows the verb RCPT, for example {@code TO:<jo@example.org> NOTIFY=NEVER}.
     *
     * @throws SmtpSyntaxException if it does not follow the grammar
     */
    public static Recipient parseRcpt(String argument) throws SmtpSyntaxException {
        return AddressParser.rcpt(argument);
    }
}
