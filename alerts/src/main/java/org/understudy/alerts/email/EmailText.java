package org.understudy.alerts.email;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.understudy.alerts.message.Message;
import org.understudy.alerts.message.Spans;

/** The two bodies of an alert mail. */
final class EmailText {

    private EmailText() {}

    static String plain(Message message) {
        StringBuilder text = new StringBuilder();
        text.append(message.title()).append("\n\n");
        facts(message)
                .forEach((label, value) ->
                        text.append(label).append(":\n").append(indented(value)).append("\n\n"));
        if (!message.evidence().isEmpty()) {
            text.append("Evidence:\n");
            message.evidence().forEach((label, value) -> text.append(evidence(label, value)));
            text.append('\n');
        }
        message.link().map(URI::toString).ifPresent(link -> text.append(link).append("\n\n"));
        // The signature separator, which mail programs know. RFC 3676 section 4.3
        return text.append("-- \n").append(message.footer()).append('\n').toString();
    }

    private static Map<String, String> facts(Message message) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("What", message.lead());
        facts.put("Severity", message.severity().name().toLowerCase(Locale.ROOT));
        facts.put("Since", Spans.utc(message.since()) + (message.until().isPresent() ? "" : lasting(message)));
        message.until().ifPresent(until -> facts.put("Until", Spans.utc(until) + " (lasted " + message.lasted() + ")"));
        if (!message.impact().isEmpty()) {
            facts.put("What it does to mail", message.impact());
        }
        if (!message.instruction().isEmpty()) {
            facts.put("What to do", message.instruction());
        }
        return facts;
    }

    private static String lasting(Message message) {
        return message.lasted().equals("0s") ? "" : " (" + message.lasted() + " ago)";
    }

    private static String evidence(String label, String value) {
        if (value.strip().indexOf('\n') < 0) {
            return "  " + label + ": " + value.strip() + "\n";
        }
        return "  " + label + ":\n" + indented(indented(value)) + "\n";
    }

    private static String indented(String text) {
        return "  " + text.strip().replace("\r\n", "\n").replace("\n", "\n  ");
    }

    static String html(Message message) {
        StringBuilder html =
                new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>");
        html.append(escape(message.headline())).append("</title></head>\n");
        html.append("<body style=\"font-family:sans-serif;line-height:1.4\">\n");
        html.append("<h1 style=\"font-size:1.2em;border-left:6px solid ")
                .append(color(message))
                .append(";padding-left:.5em\">")
                .append(escape(message.headline()))
                .append("</h1>\n<dl>\n");
        facts(message)
                .forEach((label, value) -> html.append("<dt><b>")
                        .append(escape(label))
                        .append("</b></dt><dd>")
                        .append(escape(value).replace("\n", "<br>\n"))
                        .append("</dd>\n"));
        message.evidence()
                .forEach((label, value) -> html.append("<dt><b>")
                        .append(escape(label))
                        .append("</b></dt><dd><pre style=\"white-space:pre-wrap;margin:0\">")
                        .append(escape(value.strip()))
                        .append("</pre></dd>\n"));
        html.append("</dl>\n");
        message.link()
                .map(URI::toString)
                .ifPresent(link -> html.append("<p><a href=\"")
                        .append(escape(link))
                        .append("\">")
                        .append(escape(link))
                        .append("</a></p>\n"));
        return html.append("<hr><p><small>")
                .append(escape(message.footer()))
                .append("</small></p>\n</body></html>\n")
                .toString();
    }

    private static String color(Message message) {
        if (message.resolved()) {
            return "#1a7f4b";
        }
        return switch (message.severity()) {
            case INFO -> "#1f6feb";
            case WARNING -> "#b7791f";
            case CRITICAL -> "#c9184a";
        };
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
