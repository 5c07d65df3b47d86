package org.understudy.agent.bridge;

import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import org.understudy.smtp.Mailbox;
import org.understudy.spool.RecipientRequest;

/** Recognises recipients of canaries: the configured mailboxes, also with a detail behind a {@code +}. Immutable. */
public final class CanaryRecipients implements Predicate<RecipientRequest> {
    private final List<Mailbox> mailboxes;

    public CanaryRecipients(Collection<Mailbox> mailboxes) {
        this.mailboxes = List.copyOf(mailboxes);
    }

    @Override
    public boolean test(RecipientRequest request) {
        String localPart = request.recipient().localPart();
        for (Mailbox mailbox : mailboxes) {
            boolean named = localPart.equals(mailbox.localPart()) || localPart.startsWith(mailbox.localPart() + "+");
            if (named && request.recipient().domainName().equals(mailbox.domainName())) {
                return true;
            }
        }
        return false;
    }
}
