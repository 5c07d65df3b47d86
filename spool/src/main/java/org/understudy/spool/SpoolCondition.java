package org.understudy.spool;

import java.util.List;

/**
 * In what condition a spool's directory is, as far as that is seen without reading any mail.
 *
 * @param freeBytes left for the user that runs the agent
 * @param durability why mail that was answered 250 may be gone after a power cut
 * @param access what others than the owner can read
 * @param setAside what could not be read, and lies beside the queue
 */
public record SpoolCondition(
        long freeBytes, List<SpoolFinding> durability, List<SpoolFinding> access, List<SpoolFinding> setAside) {
    public SpoolCondition {
        durability = List.copyOf(durability);
        access = List.copyOf(access);
        setAside = List.copyOf(setAside);
    }
}
