package org.understudy.spool;

import java.net.InetAddress;
import org.understudy.smtp.ForwardPath;
import org.understudy.smtp.ReversePath;

/**
 * Who wants to send mail to whom, as far as it is known at RCPT.
 *
 * @param client for whom the session speaks
 */
public record RecipientRequest(ForwardPath recipient, ReversePath reversePath, InetAddress client) {}
