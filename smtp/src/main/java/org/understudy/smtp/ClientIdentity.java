package org.understudy.smtp;

import java.net.InetAddress;
import java.util.Optional;

/**
 * The client that brought a message, as XCLIENT names it to the next server. Immutable.
 *
 * @param address of the client
 * @param name that belongs to the address; empty if it is not known
 * @param heloName what the client said in EHLO or HELO
 * @param extended true if that was EHLO
 */
public record ClientIdentity(InetAddress address, Optional<String> name, String heloName, boolean extended) {}
