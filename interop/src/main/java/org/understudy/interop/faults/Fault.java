package org.understudy.interop.faults;

/**
 * One call that fails.
 *
 * @param target on what the call is made
 * @param when the how manieth call of that kind on that target; {@link #ALWAYS} for all of them
 */
record Fault(Target target, String call, String error, int when) {
    static final int ALWAYS = 0;

    /** As strace wants it. */
    String injection() {
        return "inject=" + call + ":error=" + error + ":when=" + (when == ALWAYS ? "1+" : Integer.toString(when));
    }

    boolean isLasting() {
        return when == ALWAYS;
    }

    @Override
    public String toString() {
        return call + " on " + target + " by " + target.by() + ": " + error
                + (isLasting() ? ", always" : ", call " + when);
    }
}
