package org.understudy.probes.canary.storage;

/** One message in a mailbox, never reused for another (RFC 3501 section 2.3.1.1). */
public record Place(String mailbox, String folder, long uidValidity, long uid) {}
