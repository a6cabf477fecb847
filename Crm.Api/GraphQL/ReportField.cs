// The reports over GraphQL: the same question and the same answer as over REST.

using System.Text.Json;
using Crm.Api.Reports;
using Crm.Domain.Links;
using Crm.Domain.Problems;
using Crm.Domain.Reports;
using Crm.Domain.Resources;
using Crm.GraphQL.Execution;

namespace Crm.Api.GraphQL;

static class ReportField
{
    public static async ValueTask<IReadOnlyList<Loaded>> Load(FieldCall field)
    {
        var call = GraphQLCall.Of(field);
        call.NeedsRead(call.Installation.Catalog.For(ResourceType.Of<Click>()));
        var given = field
            .Arguments.EnumerateObject()
            .Where(a => a.Value.ValueKind != JsonValueKind.Null)
            .ToDictionary(a => a.Name, a => a.Value.ToString());
        given.Remove("name", out var name);
        try
        {
            var asked = ReportQuestion.Read(call.Installation.Catalog.Reports, name!, given, call.Caller.Settings, call.Installation.Now);
            return
            [
                new(
                    ReportJson.Write(
                        await call.Counted(
                            Report.Read(
                                call.Caller.Settings,
                                asked,
                                call.Installation.Now,
                                field.Cancel,
                                new(call.Installation.Catalog, call.Caller.Rights)
                            )
                        )
                    )
                ),
            ];
        }
        catch (ProblemException problem)
        {
            throw new FieldException(problem.Detail, problem.Code.Code);
        }
    }
}
