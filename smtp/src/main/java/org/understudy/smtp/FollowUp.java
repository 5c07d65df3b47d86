package org.understudy.smtp;

/**
 * The message that is sent next in a session, so that its envelope can go out with the end of the one before.
 *
 * @param size octets of its content
 */
public record FollowUp(Envelope envelope, long size) {}
