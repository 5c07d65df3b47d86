package org.understudy.spool;

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
}
