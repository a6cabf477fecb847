// GET /v1/workspaces/{id}/storage: how much of its budgets a workspace uses.

using System.Buffers;
using System.Text.Json;
using Crm.Api.Security;
using Crm.Domain.Budgets;
using Crm.Domain.Resources;
using Crm.Domain.Text;
using Crm.Domain.Work;
using Crm.Domain.Workspaces;

namespace Crm.Api.Rest;

public static class StorageEndpoint
{
    public static void Map(WebApplication app)
    {
        var workspaces = app.Services.GetRequiredService<Installation>().Catalog.For(ResourceType.Of<Workspace>());
        app.MapMethods("/v1/workspaces/{id}/storage", ["GET", "HEAD"], http => Tell(http, workspaces)).With(workspaces, "storage", "read");
    }

    static async Task Tell(HttpContext http, CatalogEntry workspaces)
    {
        UnknownParameter.Refuse(http, "There are no parameters here.");
        var caller = Caller.Of(http);
        // The caller's own: there is no other for them.
        await SaveRecord.Target(caller.Work(), workspaces, http.Request.RouteValues["id"] as string, http.RequestAborted);
        var installation = http.RequestServices.GetRequiredService<Installation>();
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = JsonText.Writer(buffer))
        {
            writer.WriteStartObject();
            foreach (var (name, use, most, records) in await StorageUse.All(installation, caller.Settings, http.RequestAborted))
            {
                writer.WriteStartObject(name);
                writer.WriteNumber("bytes", use.Bytes);
                writer.WriteNumber("mostBytes", most.Bytes);
                if (records)
                {
                    writer.WriteNumber("records", use.Records);
                    writer.WriteNumber("mostRecords", most.Records);
                }
                writer.WriteEndObject();
            }
            writer.WriteEndObject();
        }
        await new Answer(StatusCodes.Status200OK, buffer.WrittenMemory).Write(http);
    }
}
