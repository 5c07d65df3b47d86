package org.understudy.probes;

import java.util.List;

/**
 * Where a spool keeps its mail, at one moment.
 *
 * @param accepting whether it takes mail
 * @param detail why not, in one sentence
 * @param freeBytes left on its disk
 * @param reserveBytes below which it takes no mail
 * @param drift units that were accepted and are in no state; anything but 0 is a fault
 * @param ledger the ledger in words
 * @param durability faults by which mail that was answered 250 is gone after a power cut
 * @param access what others than the owner can read
 * @param setAside what could not be read
 */
public record StoreSnapshot(
        boolean accepting,
        String detail,
        long freeBytes,
        long reserveBytes,
        long drift,
        String ledger,
        List<Fault> durability,
        List<Fault> access,
        List<Fault> setAside) {
    public StoreSnapshot {
        durability = List.copyOf(durability);
        access = List.copyOf(access);
        setAside = List.copyOf(setAside);
    }

    /**
     * Something that should not be so.
     *
     * @param where file or setting
     */
    public record Fault(String where, String what) {}
}
