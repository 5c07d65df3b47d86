package org.understudy.spool;

import java.util.function.UnaryOperator;

/** All settings of a spool. */
public record SpoolSettings(
        ReceptionSettings reception,
        StorageSettings storage,
        ForwardingSettings forwarding,
        DirectorySettings recipients,
        RetentionSettings retention,
        NoticeSettings notices) {

    /** Of a spool that takes all recipients of its relay domains, with the standard retention, and without notices. */
    public SpoolSettings(ReceptionSettings reception, StorageSettings storage, ForwardingSettings forwarding) {
        this(reception, storage, forwarding, DirectorySettings.NONE);
    }

    /** With the standard retention, and without notices. */
    public SpoolSettings(
            ReceptionSettings reception,
            StorageSettings storage,
            ForwardingSettings forwarding,
            DirectorySettings recipients) {
        this(reception, storage, forwarding, recipients, RetentionSettings.standard(), NoticeSettings.NONE);
    }

    /** The same with another directory. */
    public SpoolSettings withRecipients(UnaryOperator<DirectorySettings> change) {
        return new SpoolSettings(reception, storage, forwarding, change.apply(recipients), retention, notices);
    }
}
