package org.understudy.spool;

/**
 * One thing that was found in a spool's directory.
 *
 * @param where file or setting it is about
 * @param what one sentence for an operator
 * @param remedy what to do about it; empty if nothing is to be done
 */
public record SpoolFinding(Severity severity, String where, String what, String remedy) {
    /** How bad it is; later ones are worse. */
    public enum Severity {
        /** As it should be. */
        OK,
        /** No mail is lost by it, but it should not be so. */
        WARNING,
        /** Mail is lost or damaged, or would be at the next power cut, or is not taken. */
        FAULT
    }

    public static SpoolFinding ok(String where, String what) {
        return new SpoolFinding(Severity.OK, where, what, "");
    }

    public static SpoolFinding warning(String where, String what, String remedy) {
        return new SpoolFinding(Severity.WARNING, where, what, remedy);
    }

    public static SpoolFinding fault(String where, String what, String remedy) {
        return new SpoolFinding(Severity.FAULT, where, what, remedy);
    }
}
