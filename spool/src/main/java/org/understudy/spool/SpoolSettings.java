package org.understudy.spool;

import java.util.function.UnaryOperator;

/** All settings of a spool. */
public record SpoolSettings(
        ReceptionSettings reception,
        StorageSettings storage,
        ForwardingSettings forwarding,
        DirectorySettings recipients,
        RetentionSettings retention,
        NoticeSettings notices,
        FilterSettings filter) {

    /** Of a spool that takes all recipients of its relay domains, with the standard retention, and without notices. */
    public SpoolSettings(ReceptionSettings reception, StorageSettings storage, ForwardingSettings forwarding) {
        this(reception, storage, forwarding, DirectorySettings.NONE);
    }

    /** With the standard retention, and without notices and filters. */
    public SpoolSettings(
            ReceptionSettings reception,
            StorageSettings storage,
            ForwardingSettings forwarding,
            DirectorySettings recipients) {
        this(
                reception,
                storage,
                forwarding,
                recipients,
                RetentionSettings.standard(),
                NoticeSettings.NONE,
                FilterSettings.NONE);
    }

    /** The same with another directory. */
    public SpoolSettings withRecipients(UnaryOperator<DirectorySettings> change) {
        return new SpoolSettings(reception, storage, forwarding, change.apply(recipients), retention, notices, filter);
    }

    /** The same with other filters. */
    public SpoolSettings withFilter(UnaryOperator<FilterSettings> change) {
        return new SpoolSettings(reception, storage, forwarding, recipients, retention, notices, change.apply(filter));
    }
}
