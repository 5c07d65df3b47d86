package org.understudy.agent.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a command prints: lines for people, or one JSON object with a list in it. Each entry of the list goes out at once, so
 * that there may be any number. Confined to one thread.
 */
final class CommandOutput implements AutoCloseable {
    private final ObjectMapper mapper;
    private final boolean json;
    private final String list;
    private final OutputStream out;
    private final PrintWriter text;
    private @Nullable JsonGenerator generator;

    /** @param list name of the list in the JSON object */
    CommandOutput(ObjectMapper mapper, boolean json, String list, OutputStream out) {
        this.mapper = mapper;
        this.json = json;
        this.list = list;
        this.out = out;
        this.text = new PrintWriter(out, false, StandardCharsets.UTF_8);
    }

    /** Standard output itself, for a command that prints something else than text and JSON. */
    OutputStream raw() {
        return out;
    }

    /** What makes JSON, as the rest of the output is made. */
    ObjectMapper mapper() {
        return mapper;
    }

    /** One entry: a line, or an element of the list. */
    void entry(String line, Object element) {
        if (json) {
            try {
                begun().writePOJO(element);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        } else {
            text.println(line);
        }
    }

    /** What is said behind the entries: lines, or members of the object. */
    void end(String lines, Object members) {
        try {
            if (json) {
                JsonGenerator open = begun();
                open.writeEndArray();
                open.writeObjectField("result", members);
                open.writeEndObject();
                open.writeRaw('\n');
            } else {
                text.println(lines);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonGenerator begun() throws IOException {
        JsonGenerator open = generator;
        if (open == null) {
            open = mapper.createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            generator = open;
            open.writeStartObject();
            open.writeArrayFieldStart(list);
        }
        return open;
    }

    /** Does not close the stream. */
    @Override
    public void close() {
        text.flush();
        try {
            if (generator != null) {
                generator.close();
            }
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
