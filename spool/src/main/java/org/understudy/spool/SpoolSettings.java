package org.understudy.spool;

import java.util.function.Predicate;

/** All settings of a spool. */
public record SpoolSettings(
        ReceptionSettings reception,
        StorageSettings storage,
        ForwardingSettings forwarding,
        DirectorySettings recipients) {
    /** Of a spool that takes all recipients of its relay domains. */
    public SpoolSettings(ReceptionSettings reception, StorageSettings storage, ForwardingSettings forwarding) {
        this(reception, storage, forwarding, DirectorySettings.NONE);
    }

    /** The same, recognising canaries. */
    public SpoolSettings withCanary(Predicate<RecipientRequest> canary) {
        return new SpoolSettings(reception, storage, forwarding, recipients.withCanary(canary));
    }
}
