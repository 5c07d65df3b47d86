package org.understudy.agent.audit;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;

/** One object; each domain goes out at once, so that there may be any number. */
final class JsonReport implements AuditReport {
    private final JsonGenerator json;
    private final PrintWriter out;
    private AuditStatus status = AuditStatus.OK;
    private int domains;

    JsonReport(PrintWriter out, ObjectMapper mapper) {
        this.out = out;
        try {
            this.json = mapper.createGenerator(out);
            json.writeStartObject();
            json.writeArrayFieldStart("domains");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record Result(String status, int domains, int exitCode) {}

    @Override
    public void add(DomainAudit audit) {
        status = status.and(audit.status());
        domains++;
        try {
            json.writePOJO(AuditDocument.of(audit));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void end() {
        try {
            json.writeEndArray();
            json.writeObjectField("result", new Result(status.word(), domains, status.exitCode()));
            json.writeEndObject();
            json.flush();
            out.println();
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
