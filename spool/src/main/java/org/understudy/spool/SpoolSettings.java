package org.understudy.spool;

/** All settings of a spool. */
public record SpoolSettings(ReceptionSettings reception, StorageSettings storage, ForwardingSettings forwarding) {}
