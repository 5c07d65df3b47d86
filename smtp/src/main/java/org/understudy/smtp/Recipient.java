package org.understudy.smtp;

/**
 * One recipient of an envelope with the parameters its RCPT carried (NOTIFY, ORCPT).
 *
 * <p>Immutable.
 */
public record Recipient(ForwardPath path, EsmtpParameters parameters) {

    public static Recipient of(ForwardPath path) {
        return new Recipient(path, EsmtpParameters.NONE);
    }
}
