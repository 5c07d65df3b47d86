package org.understudy.alerts.slack;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import org.understudy.alerts.message.Message;
import org.understudy.alerts.message.Spans;

/**
 * A message in Slack's Block Kit. The top-level text is what phones show; the colour bar exists only in attachments, so
 * the blocks are in one.
 */
final class SlackPayload {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final int TEXT_LIMIT = 3000;
    private static final int HEADER_LIMIT = 150;
    private static final int FIELD_LIMIT = 2000;
    private static final int SECTION_LIMIT = 3000;
    private static final int URL_LIMIT = 3000;
    private static final int LABEL_LIMIT = 100;
    private static final int EVIDENCE_LIMIT = 900;

    /** Room for the line that says how much was left out. */
    private static final int MORE_ROOM = 20;

    private SlackPayload() {}

    static String of(Message message) {
        ObjectNode payload = JSON.createObjectNode();
        payload.put("text", SlackText.escape(message.headline(), TEXT_LIMIT));
        ObjectNode attachment = payload.putArray("attachments").addObject();
        attachment.put("color", color(message));
        ArrayNode blocks = attachment.putArray("blocks");
        header(blocks, message);
        section(blocks, SlackText.escape(message.lead(), SECTION_LIMIT));
        fields(blocks, message);
        evidence(blocks, message.evidence());
        if (!message.instruction().isEmpty()) {
            section(blocks, labelled("What to do", SlackText.escape(message.instruction(), SECTION_LIMIT - 20)));
        }
        context(blocks, message);
        button(blocks, message);
        return payload.toString();
    }

    private static String color(Message message) {
        if (message.resolved()) {
            return "#2eb886";
        }
        return switch (message.severity()) {
            case INFO -> "#36c5f0";
            case WARNING -> "#ecb22e";
            case CRITICAL -> "#e01e5a";
        };
    }

    private static void header(ArrayNode blocks, Message message) {
        ObjectNode text = blocks.addObject().put("type", "header").putObject("text");
        text.put("type", "plain_text");
        String tag = message.resolved() && message.until().isPresent() ? "Resolved: " : "";
        text.put("text", SlackText.escape(tag + message.title(), HEADER_LIMIT));
        text.put("emoji", true);
    }

    private static void section(ArrayNode blocks, String markdown) {
        if (!markdown.isEmpty()) {
            markdown(blocks.addObject().put("type", "section").putObject("text"), markdown);
        }
    }

    private static void fields(ArrayNode blocks, Message message) {
        ArrayNode fields = blocks.addObject().put("type", "section").putArray("fields");
        markdown(
                fields.addObject(),
                labelled("Severity", message.severity().name().toLowerCase(Locale.ROOT)));
        markdown(fields.addObject(), labelled("Since", date(message)));
        if (message.until().isPresent()) {
            markdown(fields.addObject(), labelled("Lasted", message.lasted()));
        }
        if (!message.impact().isEmpty()) {
            markdown(fields.addObject(), labelled("Mail", SlackText.escape(message.impact(), FIELD_LIMIT - 20)));
        }
    }

    /** Shown in the reader's time zone; UTC where Slack cannot. */
    private static String date(Message message) {
        return "<!date^" + message.since().getEpochSecond() + "^{date_num} {time_secs}|" + Spans.utc(message.since())
                + ">";
    }

    private static void evidence(ArrayNode blocks, Map<String, String> evidence) {
        if (evidence.isEmpty()) {
            return;
        }
        StringBuilder text = new StringBuilder("*Evidence*");
        int shown = 0;
        for (Map.Entry<String, String> entry : evidence.entrySet()) {
            String line = "\n" + SlackText.escape(entry.getKey(), LABEL_LIMIT) + ": "
                    + SlackText.code(entry.getValue(), EVIDENCE_LIMIT);
            if (text.length() + line.length() > SECTION_LIMIT - MORE_ROOM) {
                text.append("\n+").append(evidence.size() - shown).append(" more");
                break;
            }
            text.append(line);
            shown++;
        }
        section(blocks, text.toString());
    }

    private static void context(ArrayNode blocks, Message message) {
        ArrayNode elements = blocks.addObject().put("type", "context").putArray("elements");
        markdown(elements.addObject(), SlackText.escape(message.footer(), FIELD_LIMIT));
    }

    private static void button(ArrayNode blocks, Message message) {
        String link = message.link().map(URI::toString).orElse("");
        if (link.isEmpty() || link.length() > URL_LIMIT) {
            return;
        }
        ObjectNode button =
                blocks.addObject().put("type", "actions").putArray("elements").addObject();
        button.put("type", "button");
        button.putObject("text").put("type", "plain_text").put("text", "Open alert");
        button.put("url", link);
    }

    private static String labelled(String label, String markdown) {
        return "*" + label + "*\n" + markdown;
    }

    private static void markdown(ObjectNode node, String markdown) {
        node.put("type", "mrkdwn").put("text", markdown);
    }
}
