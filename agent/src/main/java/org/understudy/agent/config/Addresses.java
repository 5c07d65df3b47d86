package org.understudy.agent.config;

import org.understudy.smtp.Mailbox;
import org.understudy.smtp.SmtpSyntaxException;

/** Mailbox addresses in a configuration. */
final class Addresses {

    private Addresses() {}

    /** @throws IllegalArgumentException of one sentence if it is none */
    static Mailbox mailbox(String key, String text) {
        try {
            return Mailbox.parse(text);
        } catch (SmtpSyntaxException e) {
            throw new IllegalArgumentException(
                    key + " \"" + text + "\": " + e.getMessage() + "; write an address as jo@example.org", e);
        }
    }
}
