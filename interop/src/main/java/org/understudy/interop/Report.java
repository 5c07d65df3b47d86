package org.understudy.interop;

/** Counts what held and what did not, and says so in the form that every proof ends with. Thread-safe. */
public final class Report {
    private final String proof;
    private int passed;
    private int failed;

    public Report(String proof) {
        this.proof = proof;
    }

    /** A fact or figure. */
    public synchronized void say(String text) {
        System.out.println(proof + ": " + text);
        System.out.flush();
    }

    public synchronized void check(boolean holds, String what) {
        count(holds);
        say((holds ? "ok      " : "FAILED  ") + what);
    }

    /** One of many of a kind, of which only the failures are worth a line. */
    public synchronized void count(boolean holds) {
        if (holds) {
            passed++;
        } else {
            failed++;
        }
    }

    public synchronized boolean hasFailed() {
        return failed > 0;
    }

    /** Prints the last line and ends the process: 0 if all held, else 1. */
    public synchronized void end() {
        System.out.println(passed + " passed, " + failed + " failed");
        System.out.flush();
        Runtime.getRuntime().exit(failed == 0 && passed > 0 ? 0 : 1);
    }
}
