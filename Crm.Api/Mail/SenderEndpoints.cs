// GET /v1/senders/{id}/check: which DNS records a sender's domain has and which it lacks.

using System.Buffers;
using Crm.Api.Rest;
using Crm.Api.Security;
using Crm.Domain.Mail;
using Crm.Domain.Resources;
using Crm.Domain.Text;
using Crm.Domain.Work;

namespace Crm.Api.Mail;

public static class SenderEndpoints
{
    public static void Map(WebApplication app)
    {
        var senders = app.Services.GetRequiredService<Installation>().Catalog.For(ResourceType.Of<Sender>());
        app.MapMethods("/v1/senders/{id}/check", ["GET", "HEAD"], http => Check(http, senders)).With(senders, "check", "read");
    }

    static async Task Check(HttpContext http, CatalogEntry senders)
    {
        UnknownParameter.Refuse(http, "There are no parameters here.");
        var caller = Caller.Of(http);
        var sender = (Sender)await SaveRecord.Target(caller.Work(), senders, http.Request.RouteValues["id"] as string, http.RequestAborted);
        var records = await http.RequestServices.GetRequiredService<CheckSender>().Run(caller.Settings.Key, sender, http.RequestAborted);
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = JsonText.Writer(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("domain", sender.Domain);
            writer.WriteStartArray("records");
            foreach (var record in records)
            {
                writer.WriteStartObject();
                writer.WriteString("name", record.Name);
                writer.WriteString("status", record.Status);
                writer.WriteString("says", record.Says);
                if (record.Add is { } add)
                {
                    writer.WriteStartObject("add");
                    writer.WriteString("name", add.Name);
                    writer.WriteString("type", add.Type);
                    writer.WriteString("value", add.Value);
                    writer.WriteEndObject();
                }
                else
                    writer.WriteNull("add");
                writer.WriteString("because", record.Because);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        await new Answer(StatusCodes.Status200OK, buffer.WrittenMemory).Write(http);
    }
}
