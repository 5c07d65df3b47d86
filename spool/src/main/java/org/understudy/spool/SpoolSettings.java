package org.understudy.spool;

import java.util.function.UnaryOperator;

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

    /** The same with another directory. */
    public SpoolSettings withRecipients(UnaryOperator<DirectorySettings> change) {
        return new SpoolSettings(reception, storage, forwarding, change.apply(recipients));
    }
}
