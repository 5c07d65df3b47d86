package org.understudy.agent.audit;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;

/** The forms in which an audit is reported. */
public enum AuditFormat {
    /** For people. */
    TEXT,
    /** One object, with everything that was seen. */
    JSON,
    /** A line with performance data, then details, as monitoring plugins print it. */
    NAGIOS,
    /** A test suite for each domain, as build servers show it. */
    JUNIT;

    /**
     * A report in this form.
     *
     * @param coloured whether text is coloured
     */
    public AuditReport report(PrintWriter out, boolean coloured, ObjectMapper mapper) {
        return switch (this) {
            case TEXT -> new TextReport(out, coloured);
            case JSON -> new JsonReport(out, mapper);
            case NAGIOS -> new NagiosReport(out);
            case JUNIT -> new JunitReport(out);
        };
    }
}
