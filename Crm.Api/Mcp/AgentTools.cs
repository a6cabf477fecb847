// Every tool in one list, and what a call of one goes through.

using System.Globalization;
using System.Text.Json;
using System.Threading.RateLimiting;
using Crm.Api.Http;
using Crm.Api.Security;
using Crm.Domain.Problems;
using Crm.Domain.Work;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Crm.Api.Mcp;

public sealed class AgentTools(Installation installation, RateLimits limits, RestRoutes routes)
{
    /// <summary>At most 24: a program that is shown more chooses worse.</summary>
    public static readonly IReadOnlyList<AgentTool> All =
    [
        DescribeTool.Tool,
        ReadingTools.List,
        ReadingTools.Get,
        ReadingTools.Search,
        ReadingTools.Timeline,
        ReadingTools.Report,
        ChangingTools.Create,
        ChangingTools.Update,
        ChangingTools.Upsert,
        ChangingTools.Delete,
        ChangingTools.Run,
    ];

    /// <summary>Those with which the caller can do something.</summary>
    public ListToolsResult List(HttpContext http)
    {
        var audience = new ToolAudience(Caller.Of(http), installation.Catalog, routes);
        return new() { Tools = [.. All.Select(tool => tool.For(audience)).OfType<Tool>()] };
    }

    /// <summary>One that is not listed for the caller is refused by what it would need, as anywhere else.</summary>
    public async ValueTask<CallToolResult> Call(HttpContext http, CallToolRequestParams? asked, CancellationToken cancel)
    {
        var tool = All.FirstOrDefault(tool => tool.Name == asked?.Name)
            ?? throw new McpProtocolException("There is no such tool.", McpErrorCode.InvalidParams);
        var arguments = asked!.Arguments?.ToDictionary(StringComparer.Ordinal) ?? [];
        var (caller, cost) = (Caller.Of(http), 0);
        try
        {
            var call = new ToolCall(tool.Name, arguments, http, installation, routes, cancel);
            cost = tool.Cost(call);
            if (limits.Enabled)
            {
                using var lease = limits.TakeCost(caller.By, cost);
                if (!lease.IsAcquired)
                    throw TooMuch(lease);
            }
            return (await tool.Run(call, Cost())).ToResult();
        }
        catch (ProblemException problem)
        {
            return ToolAnswer.Refused(problem.Code.Status, Problems.Body(http, problem), Cost()).ToResult();
        }

        string Cost() => string.Create(CultureInfo.InvariantCulture, $"{{\"asked\":{cost},\"left\":{limits.CostLeft(caller.By)}}}");
    }

    static ProblemException TooMuch(RateLimitLease lease)
    {
        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? Math.Max(1, (int)Math.Ceiling(after.TotalSeconds)) : 6;
        return new(ProblemCodes.RateLimited, $"Try again in {wait} seconds. Nothing was stored.");
    }
}
