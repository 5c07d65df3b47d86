package org.understudy.agent.config;

/** Protection of the connection to the submission server. */
public enum EmailTls {
    NONE,
    STARTTLS,
    IMPLICIT
}
