/** Start-up banners as products print them, from several versions. Names and addresses are invented. */

export const JIRA_7 = `2018-05-17 15:07:56,891 JIRA-Bootstrap INFO      [c.a.jira.startup.JiraStartupLogger]${' '}

    ****************
    JIRA starting...
    ****************

2018-05-17 15:07:56,991 JIRA-Bootstrap INFO      [c.a.jira.startup.JiraStartupLogger]${' '}

    ___ Environment _____________________________

         JIRA Build                                    : 7.9.2#79002-sha1:3bb15b68ecd99a30eb364c4c1a393359bcad6278
         Build Date                                    : Wed May 09 00:00:00 MSK 2018
         JIRA Installation Type                        : Standalone
         Application Server                            : Apache Tomcat/8.5.6 - Servlet API 3.1
         Java Version                                  : 1.8.0_102 - Oracle Corporation
         Current Working Directory                     : /
         Maximum Allowable Memory                      : 683MB
         Memory Pool: Code Cache                       : Code Cache: init = 2555904(2496K) used = 8925504(8716K) max = 251658240(245760K)
         JVM Input Arguments                           : -Djava.util.logging.config.file=/opt/atlassian/jira/conf/logging.properties -Xms384m -Xmx768m -Djava.awt.headless=true -Duser.timezone=Europe/Moscow
         Java Compatibility Information                : JIRA version = 7.9.2, Java Version = 1.8.0_102

    ___ Java System Properties __________________

         catalina.base                                 : /opt/atlassian/jira
         java.vm.version                               : 25.102-b14
         os.name                                       : Linux
         os.version                                    : 3.10.0-862.el7.x86_64
         user.timezone                                 : Europe/Moscow

2018-05-17 15:08:07,991 JIRA-Bootstrap INFO      [c.a.jira.startup.JiraStartupLogger]${' '}

    Database configuration OK

    ___ Database Configuration __________________

         Loading entityengine.xml from                 : file:/opt/atlassian/jira/atlassian-jira/WEB-INF/classes/entityengine.xml
         Entity model field type name                  : mysql
         Database Version                              : MySQL - 5.6.40-log
         Database Driver                               : MySQL Connector Java - mysql-connector-java-5.1.46 ( Revision: 9cc87a48 )
         Database URL                                  : jdbc:mysql://db.example.com:3306/jira

2018-05-17 15:09:18,991 JIRA-Bootstrap INFO      [c.a.jira.startup.JiraStartupLogger]${' '}

    ___ Core Application Properties _____________

         Version                                       : 7.9.2
         Build #                                       : 79002
         Server ID                                     : B1AB-XXXX-YYYY-ZZZZ
         Base URL                                      : https://jira.example.com
         Default Language                              : English

    ___ Upgrade History _________________________

         7.2.0#72000
              Time Performed                                : Mon Jan 02 03:04:05 MSK 2017
              Original Version                              : 6.4.12#64027

    ___ User Plugins ____________________________

         Number                                        : 2

         Git Integration for JIRA                      : com.xiplink.jira.git.jira_git_plugin
              Version                                       : 2.13.4
              Status                                        : enabled
              Vendor                                        : BigBrassBand
              Description                                   : Version : 9 of git, in JIRA.

         JIRA Charting Plugin                          : com.atlassian.jira.ext.charting
              Version                                       : 1.8
              Status                                        : disabled
              Vendor                                        : Atlassian

    ___ System Plugins __________________________

         Number                                        : 1

         ActiveObjects Plugin - OSGi Bundle            : com.atlassian.activeobjects.activeobjects-plugin
              Version                                       : 1.2.3
              Status                                        : enabled

2018-05-17 15:09:19,991 JIRA-Bootstrap INFO      [c.a.jira.startup.JiraStartupLogger]${' '}

    **********************************************************************************
    JIRA 7.9.2 build: 79002 started. You can now access JIRA through your web browser.
    **********************************************************************************
`;

export const JIRA_10 = `2026-11-18 05:30:05,242+0000 main INFO      [c.a.jira.startup.JiraStartupLogger]${' '}

    ___ Environment _____________________________

         Jira Build                                          : 10.3.0-m12#10030000-sha1:4f1c2c1e3a
         Application Server                                  : Apache Tomcat/9.0.98 - Servlet API 4.0
         Java Version                                        : 17.0.13 - Eclipse Adoptium
         Maximum Allowable Memory                            : 8192MB
         JVM Input Arguments                                 : -Xms2g -Xmx8g -Dpassword=secret1234 -XX:+UseG1GC

    ___ Java System Properties __________________

         os.name                                             : Linux
         os.version                                          : 6.8.0-49-generic
         user.timezone                                       : Etc/UTC

    ___ Database Configuration __________________

         Database Version                                    : Microsoft SQL Server - 15.00.2000
         Database Driver                                     : Microsoft JDBC Driver 12.4 for SQL Server - 12.4.2.0
2026-11-18 05:31:05,242+0000 main INFO      [c.a.jira.startup.JiraStartupLogger]${' '}

    ___ Installed Plugins _____________________

         Number of Installed Plugins                           : 2

         Git Integration for Jira                                    : 4.20.1-jira9 by GitKraken - com.xiplink.jira.git.jira_git_plugin
             Enabled: true, modules: 20
         Atlassian Soy                                               : 7.11.2 by Atlassian - com.atlassian.soy
             Enabled: true, modules: 88
`;
