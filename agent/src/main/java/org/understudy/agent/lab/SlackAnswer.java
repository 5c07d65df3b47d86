package org.understudy.agent.lab;

/** How the Slack sink answers a webhook call. */
enum SlackAnswer {
    /** 200 {@code ok}, as Slack does. */
    OK(200, "ok"),
    /** 429 with {@code Retry-After: 2}. */
    RATE_LIMITED(429, "rate_limited"),
    /** 500. */
    FAILING(500, "internal_error"),
    /** 200 with a body that Slack never sends, as a captive portal does. */
    OTHER_BODY(200, "<html>Please log in</html>");

    private final int status;
    private final String body;

    SlackAnswer(int status, String body) {
        this.status = status;
        this.body = body;
    }

    int status() {
        return status;
    }

    String body() {
        return body;
    }
}
