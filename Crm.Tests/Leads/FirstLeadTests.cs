// The main job in its shortest form: a form is posted, the lead is there.

using Xunit;

namespace Crm.Tests.Leads;

[Collection(nameof(CrmServer))]
[OnEveryStore]
public sealed class FirstLeadTests(CrmServer server)
{
    [Fact]
    public async Task a_posted_form_makes_a_lead_that_the_team_reads()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();

        var receipt = await workspace.Submit(
            form,
            new
            {
                name = "Ana Silva",
                email = "ana@silva.example.org",
                company = "Silva Ltda",
            }
        );

        receipt.Status.Should().Be(201, receipt.Text);
        receipt["next"]!.GetValue<string>().Should().EndWith($"/forms/{form["key"]}/thanks");
        var lead = (await workspace.Get("/v1/leads?email=ana@silva.example.org")).Data.Should().ContainSingle().Subject!;
        lead["firstName"]!.GetValue<string>().Should().Be("Ana");
        lead["lastName"]!.GetValue<string>().Should().Be("Silva");
        var submission = await workspace.Get($"/v1/submissions/{receipt["id"]}");
        submission["lead"]!.GetValue<string>().Should().Be(lead["id"]!.GetValue<string>());
        var timeline = await workspace.Get($"/v1/leads/{lead["id"]}/timeline");
        var told = timeline.Data.Should().ContainSingle("a post is told once").Subject!;
        told["type"]!.GetValue<string>().Should().Be("lead.created");
        told["also"]!.AsArray().Select(also => also!.GetValue<string>()).Should().Equal("submission.accepted");
    }
}
