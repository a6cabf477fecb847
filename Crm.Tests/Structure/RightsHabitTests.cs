// Rights are one question: scopes are asked in one file, and everybody else asks that one.

using Crm.Domain.Workspaces;
using Xunit;

namespace Crm.Tests.Structure;

public sealed class RightsHabitTests
{
    static readonly FileGraph Domain = FileGraph.Of(typeof(ApiKey).Assembly.Location),
        Api = FileGraph.Of(typeof(Api.Program).Assembly.Location);

    [Fact]
    public void a_keys_scopes_are_asked_in_one_place_besides_the_key_itself()
    {
        Domain.CallersOf("ApiKey.Allows").Should().Equal("Workspaces/ApiKey.cs");
        Api.CallersOf("ApiKey.Allows").Should().Equal("Security/Caller.cs");
        Api.CallersOf("ApiKey.get_Scopes")
            .Should()
            .Equal(["Commands/KeysCommand.cs"], "it prints them; what a key may do is the caller's rights, not a list of texts");
    }

    [Fact]
    public void rights_are_made_of_scopes_in_one_place_and_asked_wherever_records_are_read()
    {
        Api.CallersOf("Rights.Of").Should().Equal("Security/Caller.cs");
        Api.CallersOf("Caller.Rights").Should().Contain(["Rest/ResourceEndpoints.cs", "GraphQL/Records.cs", "Security/Access.cs"]);
        Domain.CallersOf("UnitOfWork.RightsTo").Should().Contain("Work/SaveRecord.cs");
    }
}
