package org.understudy.spool;

import java.net.InetAddress;
import java.util.List;
import org.understudy.smtp.Envelope;
import org.understudy.smtp.ForwardPath;
import org.understudy.smtp.ReversePath;

/**
 * Who wants to send mail to whom, as far as it is known at RCPT.
 *
 * @param client for whom the session speaks
 */
public record RecipientRequest(ForwardPath recipient, ReversePath reversePath, InetAddress client) {

    /** What a whole transaction asked for, in the order of its recipients. */
    public static List<RecipientRequest> all(Envelope envelope, Origin origin) {
        return envelope.recipients().stream()
                .map(recipient -> new RecipientRequest(recipient.path(), envelope.reversePath(), origin.client()))
                .toList();
    }
}
